"""What agents do all day passes the shipped rules: a gateway with false alarms is switched off."""

from __future__ import annotations

import pytest
from tests.bypasses.shipped import shell, told

_LINES = r"""
git status
git status --short
git diff
git diff --stat HEAD~1
git log --oneline -20
git log --graph --all
git log -p --follow src/main.py
git log --since="2 weeks ago" --author=erika
git log --format='%h %s' --no-merges main..HEAD
git show HEAD
git show HEAD:src/main.py
git add -A
git commit -m "Fix the build"
git commit -am "rm -rf is gone"
git commit --amend --no-edit
git push
git push -u origin feature
git push origin HEAD
dotnet publish -c Release -o out
git push -u origin $(git branch --show-current)
git pull --rebase
git fetch origin
git fetch --all --prune
git checkout -b feature
git checkout main
git checkout -b feature origin/main
git switch -c feature
git branch -a
git stash
git stash pop
git merge main
git rebase main
git cherry-pick -x abc123
git revert HEAD --no-edit
git tag v1.2
git remote -v
git blame src/main.py
git grep -n "rm -rf"
git ls-files | xargs wc -l
git ls-files '*.py' | xargs sed -i 's/foo/bar/g'
git rev-parse HEAD
git config user.name
git config --get user.email
git config --global user.email "erika@example.com"
git -c color.ui=never log
git --no-pager diff
git clone https://example.com/a.git
git clone --depth 1 -b main https://example.com/a.git dir
git submodule update --init
git worktree add ../x feature
git restore --staged src/main.py
git reset HEAD~1
git reset --soft HEAD~1
git rm --cached x
git mv a.py b.py
git describe --tags
git shortlog -sn
git clean -n
npm install
npm ci
npm test
npm run build
npm run lint -- --fix
npx tsc --noEmit
npx prettier --write src
npx eslint . --fix
npx jest src/a.test.ts
yarn install
yarn build
pnpm install
pnpm -r build
bun test
node script.js
node --version
python script.py
python3 -m pytest -q
python -m venv .venv
.venv/bin/python -m pytest tests -q
.venv/bin/python script.py
.venv/bin/pip install -r requirements.txt
.venv/bin/ruff check src
source .venv/bin/activate && pytest
. .venv/bin/activate; python -m mypy src
python3 -c "print(1+1)"
python3 --version
pip install requests
pip install -e '.[dev]'
pip list
pip freeze > requirements.txt
uv sync
uv run pytest -q
uv run python script.py
uv run ruff check .
uv run --with rich python script.py
uv pip install requests
poetry run pytest
poetry install
pytest -x -k test_foo
pytest tests/test_a.py::test_b -vv
pytest --lf 2>&1 | tail -20
PYTHONPATH=src pytest
tox -e py312
ruff check . --fix
mypy src
black .
make
make test
make -j8 build
make CC=clang
make CFLAGS="-O2 -g"
make install PREFIX=/usr/local
cmake -B build -S .
cmake --build build -j
CC=clang CXX=clang++ cmake -B build
cargo build --release
cargo test
RUSTFLAGS="-C target-cpu=native" cargo build
RUST_BACKTRACE=1 cargo test
go build ./...
go test ./... -run TestA
GOOS=linux go build
mvn -q test
./gradlew test
gcc -o app main.c
dotnet build
docker build -t app .
docker build -f Dockerfile.dev -t app:dev .
docker compose up -d
docker compose logs -f web
docker ps -a
docker logs app
docker run --rm app pytest
docker run --rm -v "$PWD":/app -w /app node:20 npm test
docker run --rm -v $(pwd)/data:/data app ls /data
docker run -d -p 5432:5432 -e POSTGRES_DB=x postgres:16
docker exec app ls /app
docker exec db psql -U app -c "SELECT count(*) FROM orders"
docker inspect app
kubectl get pods
kubectl get pods -n staging -o wide
kubectl logs deploy/web --tail=100
kubectl describe pod x
helm list
terraform plan
terraform validate
terraform state list
terraform fmt -check
aws s3 ls s3://bucket
aws sts get-caller-identity
aws ec2 describe-instances --region eu-central-1
aws --profile dev ec2 describe-instances
gcloud projects list
gcloud compute instances list --project x
az group list
az vm show --name x
gh pr list
gh pr create --title x --body y
gh pr view 12 --comments
gh pr checks
gh run list
gh run view 1 --log
gh issue create -t x -b y
gh api repos/a/b/pulls
gh repo view
curl https://docs.example.com/page
curl -s https://api.example.com/v1/items | jq '.items[]'
curl -sSL -o data.json https://example.com/data.json
curl -I https://example.com
curl -X POST -H 'Content-Type: application/json' -d '{"a":1}' http://localhost:8000/x
curl -H "Authorization: Bearer $TOKEN" https://api.example.com
curl --fail --retry 3 https://example.com/health
wget -q https://example.com/a.zip
psql -c "SELECT * FROM orders LIMIT 5"
psql "$DATABASE_URL" -c "SELECT 1"
psql -h db -U app -d app -c "\dt"
mysql -e "SELECT count(*) FROM t"
sqlite3 app.db "SELECT * FROM users LIMIT 5"
sqlite3 app.db .schema
ls -la src
ls -R | head -50
cat README.md
cat package.json | jq .scripts
head -50 src/main.py
tail -n 100 app.log
sed -n '10,20p' src/main.py
sed -i 's/foo/bar/' src/main.py
sed -i.bak -e 's/a/b/g' src/*.py
awk '{print $1}' data.txt | sort | uniq -c | sort -rn | head
grep -rn "TODO" src
grep -rn 'rm -rf' .
grep -rn "DROP TABLE" migrations
rg "rm -rf" --type py
rg -l foo | xargs sed -i 's/foo/bar/g'
find . -name '*.py'
find . -name '*.py' | xargs grep -l foo
find . -type f -name '*.md' -exec grep -l foo {} +
find . -newer x -not -path './.git/*'
fd -e py
fd -e py -x wc -l
tree -L 2
wc -l src/*.py
diff a.txt b.txt
cut -d, -f1 data.csv
jq '.a' x.json > y.json
echo "rm -rf /"
echo "DROP TABLE x" > migration.sql
echo $PATH
printf '%s\n' a b
which python3
date +%Y-%m-%d
env FOO=1 python script.py
export FOO=bar
export PATH="$HOME/.local/bin:$PATH"
cd src && ls
mkdir -p src/new
touch src/a.py
cp -r src src2
mv src/old src/new
ln -s a b
rm notes.txt
rm -f build.log
rm src/a.py src/b.py
rm -rf node_modules
rm -rf build dist
rm -rf ./dist
rm -rf src/__pycache__
rmdir empty
rm -f "$tmp"
chmod +x script.sh
./script.sh
bash script.sh
bash -c 'echo hi'
bash -n script.sh
tar czf out.tar.gz src
tar xzf a.tar.gz
tar -xzf a.tar.gz -C vendor
tar tzf a.tar.gz
unzip a.zip
unzip a.zip -d vendor
zip -r out.zip src
gunzip a.gz
base64 < a.txt
sha256sum a.tar.gz
ps aux | grep node
kill 1234
lsof -ti:3000 | xargs kill
df -h
du -sh *
time pytest
timeout 60 pytest
nohup python server.py &
sleep 2 && curl -s localhost:8000/health
xargs -n 1 echo < list.txt
for f in *.py; do echo "$f"; done
for f in src/*.ts; do npx prettier --check "$f"; done
for i in 1 2 3; do curl -s localhost:8000; done
for i in $(seq 1 10); do echo $i; done
for f in *.tmp; do rm -f "$f"; done
while read -r line; do echo "$line"; done < input.txt
if [ -f a.txt ]; then cat a.txt; fi
[ -d src ] && ls src
if [[ "$x" == "a" ]]; then echo a; fi
x=$(git rev-parse HEAD); echo $x
N=5; echo $((N+1))
cat file | tee out.log
pytest 2>&1 | tee test.log
ls nonexist 2>/dev/null || true
set -e; make
set -euo pipefail
set -x
ssh host uptime
ssh -p 2222 user@host 'ls -la'
scp file host:dir/
rsync -av src/ host:dst/
ping -c 1 example.com
nc -zv localhost 5432
java -jar app.jar
bundle exec rspec
man ls
command -v node
crontab -l
systemctl status nginx
pre-commit run --all-files
shellcheck script.sh
python manage.py migrate
redis-cli ping
"""
_BLOCKS = (
    "git commit -m \"$(cat <<'EOF'\nFix `rm -rf` handling\n\nCo-authored-by: Erika <erika@example.com>\nEOF\n)\"",
    "cat > a.py <<'EOF'\nimport os\nprint(os.getcwd())\nEOF",
    "cat <<EOF > config.yaml\na: 1\ndate: $(date)\nEOF",
    "python - <<'EOF'\nprint(\"hello\")\nEOF",
    "psql <<'EOF'\nSELECT 1;\nEOF",
    "while read -r f; do\ncat <<EOF\n$f\nEOF\ndone < list",
)


@pytest.mark.parametrize("text", [*_LINES.strip().splitlines(), *_BLOCKS])
def test_everyday_commands_pass(text: str) -> None:
    """An engineer's agent may run it without anybody being asked."""
    verdict = shell(text)

    assert verdict.decision.permits, told(verdict)
